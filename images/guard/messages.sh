# shellcheck shell=bash disable=SC2034 # read by whoever sources this
# What an operator reads of the guard, in one place.
NO_FILTER="the engine's packet filter cannot be written: neither iptables-nft nor iptables-legacy shows the engine's chain DOCKER-USER (rootless without it, an engine with --iptables=false, or with firewall-backend nftables)"
NO_BRIDGE_FILTER="packets between containers of one bridge do not pass the packet filter on this machine (net.bridge.bridge-nf-call-iptables is not 1)"
NOT_IN_PLACE="the rules are not in place"
IN_PLACE="labs reach the class's own services alone"
WITH_INTERNET="and the internet, but no private address"
WITHOUT_INTERNET="and nothing else"
OPEN="LABS ARE NOT ISOLATED: any lab reaches what other labs and this machine listen on"
WRITTEN="rules written for"
MENDED="somebody removed or changed the rules; written again"
REMOVED="rules removed"
KEPT="containers are still on the bridge, so the rules stay; another guard takes them over"
