# Run on the network of the engine's computer: closes that computer to what comes from the bridge $1.
set -e
# No IPv6 at all, where the kernel has it.
[ ! -e /proc/sys/net/ipv6/conf ] || echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
# Nothing from where no answer would go: the bridge has no address, so no route leads back.
echo 1 >"/proc/sys/net/ipv4/conf/$1/rp_filter"
