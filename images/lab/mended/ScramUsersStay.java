import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a broker keep its users' passwords when it restarts: {@code java ScramUsersStay.java kafka-metadata.jar mended.jar}.
 *
 * <p>A broker that starts reads all changes of users at once. In Kafka 4.0.2 to 4.4.0 it takes a mechanism out of the new image as soon
 * as a removed user leaves it without users, also while others are still to be put into it: these land in a map that nobody sees. Whether
 * that happens hangs on the hash of the removed user's name, which decides who is visited first; then nobody can log in any more, the
 * administrator included. Here a mechanism stays, with or without users, which is what an image can hold anyway.
 *
 * <p>Invariant: nothing but the answer to this one question in this one method is changed; a Kafka that does not ask it inside the loop,
 * right after the removal, is refused.
 */
class ScramUsersStay {
  static final String CLASS = "org/apache/kafka/image/ScramDelta.class";
  static final String METHOD = "apply";
  /** What is looked for, as it follows on one another: the last one's answer is changed. */
  static final List<String> ASKED = List.of("java/util/Map.remove", "POP", "ALOAD", "java/util/Map.isEmpty");

  static final String NOTE =
      "Changed from the published jar: ScramDelta.apply leaves a mechanism in the image, also without users, so that a removed user\n"
          + "takes nobody along when a broker starts (images/lab/mended/ScramUsersStay.java of DataFlow Lab).\n";

  public static void main(String[] arguments) throws IOException {
    new MendedJar(CLASS, ScramUsersStay::mended, NOTE).write(Path.of(arguments[0]), Path.of(arguments[1]));
  }

  static byte[] mended(byte[] bytes) {
    ClassFile files = ClassFile.of();
    List<String> passed = new ArrayList<>();
    List<List<String>> found = new ArrayList<>();
    CodeTransform stays = (builder, element) -> replace(builder, element, passed, found);
    byte[] mended =
        files.transformClass(
            files.parse(bytes),
            ClassTransform.transformingMethodBodies((MethodModel method) -> method.methodName().equalsString(METHOD), stays));
    if (!found.equals(List.of(ASKED))) {
      throw new IllegalStateException(
          "This Kafka does not ask for an empty mechanism right after it has removed a user, or asks otherwise: " + METHOD + " has " + found
              + " and not " + ASKED + ". If Kafka has mended it, remove this step from images/lab/Dockerfile.");
    }
    return mended;
  }

  static void replace(CodeBuilder builder, CodeElement element, List<String> passed, List<List<String>> found) {
    builder.with(element);
    if (!(element instanceof Instruction instruction)) return;
    passed.add(
        instruction instanceof InvokeInstruction invoke
            ? invoke.owner().asInternalName() + "." + invoke.name().stringValue()
            : instruction.opcode().name().replaceFirst("_.*", ""));
    if (passed.getLast().equals(ASKED.getLast())) {
      found.add(List.copyOf(passed.subList(Math.max(0, passed.size() - ASKED.size()), passed.size())));
      builder.pop().iconst_0();
    }
  }
}
