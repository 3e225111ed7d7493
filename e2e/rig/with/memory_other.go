//go:build !linux

package main

// temporary returns "": there is no folder in memory that every machine has.
func temporary() string { return "" }
