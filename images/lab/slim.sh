#!/bin/sh
# Takes out of the Python packages what no lesson can reach: their own tests, sources of bindings, and jars for cluster
# managers and platforms that the lab is not. Whatever is removed here is proved superfluous by every lesson and image test.
set -eu
site="$1/lib/python3.13/site-packages"
jars="$site/pyspark/jars"

for package in pandas numpy scipy sklearn matplotlib pyarrow joblib mlflow skops networkx; do
  find "$site/$package" -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + 2>/dev/null || true
done
# Source maps, sources of compiled modules and of translations: for those who change these packages.
find "$1" -type f \( -name '*.map' -o -name '*.c' -o -name '*.cpp' -o -name '*.pyx' -o -name '*.po' \) -delete
# Headers of Arrow's C++ side, and its RPC server.
rm -rf "$site/pyarrow/include" "$site/pyarrow/src"
rm -f "$site"/pyarrow/libarrow_flight.so* "$site"/pyarrow/libarrow_python_flight.so* "$site"/pyarrow/_flight*.so
find "$site/pyarrow" -name '*.pxd' -delete

# The linker's names of one Arrow library are copies in a wheel.
for real in "$site"/pyarrow/libarrow_python*.so.*.*.*; do
  short=${real%.*.*}
  ln -sf "$(basename "$real")" "$short"
  ln -sf "$(basename "$real")" "${short%.*}"
done
# Prefect's pages, of its server: in a lesson the server is embedded and seen by nobody.
rm -rf "$site/prefect/server/ui" "$site/prefect/server/ui-v2"
# JupyterLab's tests, and its pages for developers of JupyterLab; a lab serves those of share/jupyter/lab.
rm -rf "$site/jupyterlab/galata" "$site/jupyterlab/static" "$site/sqlalchemy/testing"
# Completion knows the lab's packages by their source; these describe packages that are not here.
rm -rf "$site/jedi/third_party/typeshed/stubs" "$site/jedi/third_party/django-stubs"
# Types for checkers of types, but for the packages whose compiled parts completion knows by them alone.
find "$site" -name '*.pyi' ! -path '*/numpy/*' ! -path '*/pandas/*' ! -path '*/typeshed/stdlib/*' -delete
# Names of dates and languages, but for English and the course's next languages.
find "$site/babel/locale-data" -name '*.dat' ! -name 'root.dat' ! -name 'en.dat' ! -name 'en_*' ! -name 'pt.dat' ! -name 'pt_*' ! -name 'es.dat' ! -name 'es_*' -delete
# What built the few packages that come as source.
"$1/bin/pip" uninstall -q -y setuptools wheel

# Cluster managers: the lab runs local or against Spark's own standalone cluster.
for name in kubernetes-client kubernetes-httpclient kubernetes-model spark-kubernetes spark-yarn hadoop-yarn; do
  rm -f "$jars/$name"*.jar
done
# Native parts for other operating systems and processors.
find "$jars" \( -name 'netty-*osx*' -o -name 'netty-*windows*' -o -name 'netty-*aarch_64*' -o -name 'netty-*riscv64*' \) -delete
# RocksDB's jar carries its library for eleven platforms; this one is kept.
"$1/bin/python" - "$jars"/rocksdbjni-*.jar <<'EOP'
import os, sys, zipfile
for jar in sys.argv[1:]:
    slim = jar + ".slim"
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            native = entry.filename.startswith("librocksdbjni")
            if not native or entry.filename == "librocksdbjni-linux64.so":
                new.writestr(entry, old.read(entry))
    os.replace(slim, jar)
EOP
# The hub's own pages: a lab serves none of them.
rm -rf "$1/share/jupyterhub/static/components"
# Demonstrations and R.
rm -rf "$site/pyspark/examples" "$site/pyspark/data" "$site/pyspark/R" "$site/pyspark/licenses"
