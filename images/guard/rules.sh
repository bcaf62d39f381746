# shellcheck shell=bash
# The rules of one class, as iptables-restore reads them. Nothing here touches the machine.
# Invariant: what is not accepted by name is refused; a container is what its address says: the first half of the class's first /24 are
# its services, the second half are the Spark workers (where students' code runs too), everything else of the subnet is a lab.

FORWARD="$LABS_BRIDGE-fwd"
INPUT="$LABS_BRIDGE-in"
REFUSE="$LABS_BRIDGE-no"
SERVICES="$LABS_PREFIX.0/25"
# The proxy and the hub, who alone call a lab's server.
CALLERS="$LABS_PREFIX.0/30"
WORKERS="$LABS_PREFIX.128/25"
# Where a program listens that asked for no port of its own: a Spark driver, an executor. What students start listens below.
ANY_PORT=32768:60999
# What is no address of the internet: the machine's and its neighbours' networks, other classes, metadata services, multicast.
PRIVATE="0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"

# Told at once. The kernel sends only so many of the second kind, and any number of the first.
rules_refuse() {
  echo "-A $REFUSE -p tcp -j REJECT --reject-with tcp-reset"
  echo "-A $REFUSE -j REJECT --reject-with icmp-admin-prohibited"
}

# Containers on the labs' bridge, among themselves. The engine drops all of this (enable_icc=false); each line is an exception.
rules_within() {
  local accept="-A $FORWARD -o $LABS_BRIDGE"
  echo "$accept -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
  echo "$accept -s $SERVICES -d $SERVICES -j ACCEPT"
  echo "$accept -s $CALLERS -d $LABS_SUBNET -p tcp --dport $LAB_PORT -j ACCEPT"
  echo "$accept -s $LABS_SUBNET -d $SERVICES -p tcp -m multiport --dports $SERVICE_PORTS -j ACCEPT"
  # The Spark cluster: the master and executors call drivers back, drivers and the master call executors, executors each other.
  echo "$accept -s $SERVICES -d $LABS_SUBNET -p tcp --dport $ANY_PORT -j ACCEPT"
  echo "$accept -s $WORKERS -d $LABS_SUBNET -p tcp --dport $ANY_PORT -j ACCEPT"
  echo "$accept -s $LABS_SUBNET -d $WORKERS -p tcp --dport $ANY_PORT -j ACCEPT"
  echo "-A $FORWARD -o $LABS_BRIDGE -j $REFUSE"
}

# To where the machine itself asks for names: the engine asks from within the container.
rules_names() {
  local server protocol
  for server in $NAME_SERVERS; do
    for protocol in udp tcp; do echo "-A $1 -d $server -p $protocol --dport 53 -j RETURN"; done
  done
}

# Out of the bridge: RETURN leaves it to the engine, as if there were no guard.
rules_out() {
  local address
  echo "-A $FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"
  echo "-A $FORWARD -s $SERVICES -j RETURN"
  if [ "$LABS_INTERNET" = on ]; then rules_names "$FORWARD"; fi
  for address in $LABS_ALLOW; do echo "-A $FORWARD -d $address -j RETURN"; done
  if [ "$LABS_INTERNET" = on ]; then
    for address in $PRIVATE; do echo "-A $FORWARD -d $address -j $REFUSE"; done
    echo "-A $FORWARD -j RETURN"
  else
    echo "-A $FORWARD -j $REFUSE"
  fi
}

# To the machine itself, by whichever of its addresses.
rules_in() {
  echo "-A $INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"
  if [ "$LABS_INTERNET" = on ]; then rules_names "$INPUT"; fi
  echo "-A $INPUT -j $REFUSE"
}

rules4() {
  printf '*filter\n:%s - [0:0]\n:%s - [0:0]\n:%s - [0:0]\n' "$FORWARD" "$INPUT" "$REFUSE"
  rules_refuse
  rules_within
  rules_out
  rules_in
  echo COMMIT
}

# The labs' network has no IPv6; whatever finds an address nevertheless gets nowhere.
rules6() {
  printf '*filter\n:%s - [0:0]\n:%s - [0:0]\n' "$FORWARD" "$INPUT"
  echo "-A $FORWARD -j DROP"
  echo "-A $INPUT -j DROP"
  echo COMMIT
}
