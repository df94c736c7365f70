package pagelook_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/pagelook"
)

func TestOnlyThePublicInternetIsPublic(t *testing.T) {
	t.Parallel()
	for address, is := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07::1": true, "::ffff:93.184.215.14": true,
		"127.0.0.1": false, "::1": false, "::ffff:127.0.0.1": false, "::": false, "0.0.0.0": false, "0.1.2.3": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "::ffff:169.254.169.254": false, "fe80::1": false, "fd00:ec2::254": false, "100.64.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "224.0.0.1": false, "ff02::1": false, "255.255.255.255": false, "192.0.2.1": false, "2001:db8::1": false,
	} {
		require.Equal(t, is, pagelook.Public(netip.MustParseAddr(address)), address)
	}
}
