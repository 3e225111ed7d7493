package photo

import "encoding/binary"

// orientation returns the orientation, 1 to 8, from an EXIF block. It returns 1, upright, for a block
// that has none or is malformed.
func orientation(exif []byte) int {
	const (
		tag       = 0x0112
		short     = 3
		entrySize = 12
	)
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(exif[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	start := uint64(order.Uint32(exif[4:]))
	if start+2 > uint64(len(exif)) {
		return 1
	}
	entries := exif[start+2:]
	for range order.Uint16(exif[start:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tag {
			n := int(order.Uint16(entries[8:]))
			if order.Uint16(entries[2:]) != short || order.Uint32(entries[4:]) != 1 || n < 1 || n > 8 {
				return 1
			}
			return n
		}
		entries = entries[entrySize:]
	}
	return 1
}
