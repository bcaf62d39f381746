import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mends REORG TABLE of Delta for executors that are not the driver: {@code java ReorgOnExecutors.java delta-spark.jar mended.jar}.
 *
 * <p>Delta 4.1 and later look into the files' schemas on the executors, and take the settings for that from
 * {@code SparkSession.active}, which only a driver has (delta-io/delta pull requests 5697, where it was seen, and 6868). Every REORG
 * outside of local mode fails. Spark's own way to the settings of a task is {@code SQLConf.get}: it reads what the driver has sent along.
 *
 * <p>Invariant: nothing but this one chain of calls in this one method is changed; a Delta in which the chain is not found exactly once
 * is refused.
 */
class ReorgOnExecutors {
  static final String CLASS = "org/apache/spark/sql/delta/commands/ReorgTableHelper.class";
  static final String METHOD = "$anonfun$filterParquetFilesOnExecutors$1";
  /** What is taken out, in this order, as owner and name. */
  static final List<String> CHAIN =
      List.of(
          "org/apache/spark/sql/SparkSession$.MODULE$",
          "org/apache/spark/sql/SparkSession$.active",
          "org/apache/spark/sql/SparkSession.sessionState",
          "org/apache/spark/sql/internal/SessionState.conf");

  static final ClassDesc CONF = ClassDesc.of("org.apache.spark.sql.internal.SQLConf");
  static final ClassDesc CONFS = ClassDesc.of("org.apache.spark.sql.internal.SQLConf$");
  static final String NOTE =
      "Changed from the published jar: in ReorgTableHelper, SparkSession.active.sessionState.conf became SQLConf.get, so that\n"
          + "REORG TABLE works on executors (images/lab/mended/ReorgOnExecutors.java of DataFlow Lab).\n";

  public static void main(String[] arguments) throws IOException {
    new MendedJar(CLASS, ReorgOnExecutors::mended, NOTE).write(Path.of(arguments[0]), Path.of(arguments[1]));
  }

  static byte[] mended(byte[] bytes) {
    ClassFile files = ClassFile.of();
    ClassModel model = files.parse(bytes);
    List<String> taken = new ArrayList<>();
    CodeTransform settings = (builder, element) -> replace(builder, element, taken);
    byte[] mended =
        files.transformClass(
            model,
            ClassTransform.transformingMethodBodies(
                (MethodModel method) -> method.methodName().equalsString(METHOD), settings));
    if (!taken.equals(CHAIN)) {
      throw new IllegalStateException(
          "This Delta does not ask for a session where REORG looks into files, or asks otherwise: " + METHOD + " has " + taken
              + " and not " + CHAIN + ". If Delta has mended it, remove this step from images/lab/Dockerfile.");
    }
    return mended;
  }

  static void replace(CodeBuilder builder, CodeElement element, List<String> taken) {
    String called =
        switch (element) {
          case FieldInstruction field -> field.owner().asInternalName() + "." + field.name().stringValue();
          case InvokeInstruction invoke -> invoke.owner().asInternalName() + "." + invoke.name().stringValue();
          default -> "";
        };
    if (!CHAIN.contains(called)) {
      builder.with(element);
      return;
    }
    taken.add(called);
    if (called.equals(CHAIN.getLast())) {
      builder.getstatic(CONFS, "MODULE$", CONFS).invokevirtual(CONFS, "get", MethodTypeDesc.of(CONF));
    }
  }
}
