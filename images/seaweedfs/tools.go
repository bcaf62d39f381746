//go:build tools

// Names the one program that this module exists to build, so that go.mod and go.sum hold everything it is made from.
package tools

import _ "github.com/seaweedfs/seaweedfs/weed"
