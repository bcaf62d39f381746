#!/bin/sh
# Takes out of the Python packages what no lesson can reach: their own tests, sources of bindings, and jars for cluster
# managers and platforms that the lab is not. Whatever is removed here is proved superfluous by every lesson and image test.
set -eu
site="$1/lib/python3.13/site-packages"
jars="$site/pyspark/jars"

for package in pandas numpy scipy sklearn matplotlib pyarrow joblib mlflow skops networkx; do
  find "$site/$package" -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + 2>/dev/null || true
done
# Headers and import libraries of Arrow's C++ side.
rm -rf "$site/pyarrow/include" "$site/pyarrow/src"
find "$site/pyarrow" -name '*.pxd' -delete

# Cluster managers: the lab runs local or against Spark's own standalone cluster.
for name in kubernetes-client kubernetes-httpclient kubernetes-model spark-kubernetes spark-yarn hadoop-yarn; do
  rm -f "$jars/$name"*.jar
done
# Native parts for other operating systems and processors.
find "$jars" \( -name 'netty-*osx*' -o -name 'netty-*windows*' -o -name 'netty-*aarch_64*' -o -name 'netty-*riscv64*' \) -delete
# Demonstrations and R.
rm -rf "$site/pyspark/examples" "$site/pyspark/data" "$site/pyspark/R" "$site/pyspark/licenses"
