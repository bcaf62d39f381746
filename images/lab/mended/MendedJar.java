import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A published jar with one class changed.
 *
 * <p>Invariant: the new jar is the old one except for that class and an entry that says what was changed; the same jar makes the same
 * jar. What changes the class refuses one that it does not know, and the image's build stops.
 */
record MendedJar(String changed, UnaryOperator<byte[]> mend, String note) {
  private static final String NOTE_NAME = "META-INF/CHANGES-DATAFLOW";

  /** Throws IllegalStateException where the class is not in the jar, or is not what was to be mended. */
  void write(Path from, Path to) throws IOException {
    try (ZipFile jar = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      ZipEntry wanted = jar.getEntry(changed);
      if (wanted == null) throw new IllegalStateException(from + " has no " + changed);
      for (ZipEntry entry : jar.stream().toList()) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        add(out, entry.getName(), entry, entry.getName().equals(changed) ? mend.apply(bytes) : bytes);
      }
      add(out, NOTE_NAME, wanted, note.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** An entry with another's time, so that nothing in the jar depends on when it was made. */
  private static void add(ZipOutputStream out, String name, ZipEntry like, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(like.getTimeLocal());
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }
}
