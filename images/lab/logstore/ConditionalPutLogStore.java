package dataflow.delta;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * Delta's log on S3, written by any number of drivers at once.
 *
 * <p>Invariant: of all writers of one version exactly one succeeds, and it is told so. The server decides, by a conditional PUT
 * (If-None-Match: *), which is demanded: a file system that cannot do it refuses the write instead of overwriting. Where the answer
 * of a PUT was lost, the client's own repetition of it is refused like anybody else's; so after any failure the file is read again:
 * if it holds what this writer sent (every commit carries an id of its own), the write had succeeded.
 */
public final class ConditionalPutLogStore extends HadoopFileSystemLogStore {

  public ConditionalPutLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration) throws IOException {
    FileSystem system = path.getFileSystem(configuration);
    byte[] content = lines(actions);
    if (overwrite) {
      put(system.create(path, true), content);
      return;
    }
    try {
      put(create(system, path), content);
    } catch (IOException failure) {
      byte[] found = readAgain(system, path, failure);
      if (!Arrays.equals(found, content)) {
        throw (IOException) new FileAlreadyExistsException(path.toString()).initCause(failure);
      }
    }
  }

  /** An object appears when all of it has been stored. */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
    return false;
  }

  private static FSDataOutputStream create(FileSystem system, Path path) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = system.createFile(path);
    builder.create();
    builder.overwrite(false);
    builder.recursive();
    builder.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    return builder.build();
  }

  /** Closing is what sends the object, so a stream that could not be filled is never closed. */
  private static void put(FSDataOutputStream out, byte[] content) throws IOException {
    try {
      out.write(content);
    } catch (IOException | RuntimeException failure) {
      out.abort();
      throw failure;
    }
    out.close();
  }

  /** What lies at the path after a failed write. Nothing there, or nothing to be learnt: the failure stands. */
  private static byte[] readAgain(FileSystem system, Path path, IOException failure) throws IOException {
    try (FSDataInputStream in = system.open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException absent) {
      throw failure;
    } catch (IOException unreadable) {
      failure.addSuppressed(unreadable);
      throw failure;
    }
  }

  private static byte[] lines(Iterator<String> actions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      bytes.writeBytes(actions.next().getBytes(StandardCharsets.UTF_8));
      bytes.write('\n');
    }
    return bytes.toByteArray();
  }
}
