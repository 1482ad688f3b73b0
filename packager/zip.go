package packager

import (
	"context"
	"encoding/binary"
	"io"
)

// This package has its own zip writer, because archive/zip has two ways to write an
// entry's sizes. Before the data requires compressing twice or keeping the data in
// memory. A data descriptor after the data confuses some readers that stream a zip.
//
// The format is PKWARE's APPNOTE.TXT 6.3.10; section numbers below refer to it. This
// writer uses few of its features: no directory entries, no data descriptors, no
// comments, and zip64 as the only extra field.
const (
	sigLocal     = 0x04034b50 // 4.3.7
	sigCentral   = 0x02014b50 // 4.3.12
	sigEnd64     = 0x06064b50 // 4.3.14
	sigLocator64 = 0x07064b50 // 4.3.15
	sigEnd       = 0x06054b50 // 4.3.16

	localBytes = 30 // size of a local header without the name

	methodStore   = 0
	methodDeflate = 8

	version20     = 20 // 4.4.3: deflate
	version45     = 45 // 4.4.3: zip64
	madeByUnix    = 3 << 8
	flagUTF8      = 1 << 11  // 4.4.4: the name is UTF-8
	dosDate       = 0x0021   // 4.4.6: 1980-01-01, the earliest there is; the time is 0
	regularFile   = 0o100000 // S_IFREG, in the upper half of the external attributes
	tag64         = 0x0001   // 4.5.3
	max16, max32  = 1<<16 - 1, 1<<32 - 1
	maxEntryBytes = max32 - 1 // the largest file that needs no zip64 sizes
)

// store is what a zip is written to: a file, or memory in a fuzz test.
type store interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
}

// record is the content of one entry's headers.
type record struct {
	name         string
	mode         uint32 // 0644 or 0755
	method       uint16
	crc          uint32
	packed, size uint32
	offset       int64 // of the local header
	sha256       [32]byte
}

// zipWriter appends entries to a store. Local headers hold the final sizes, so
// readers that stream the file agree with readers that start from its end.
type zipWriter struct {
	w       store
	at      int64 // where the next header goes
	records []record
}

// add appends one file. It leaves room for the header and writes it after the data.
func (z *zipWriter) add(ctx context.Context, f File, compress *encoder) error {
	src, err := openSource(f)
	if err != nil {
		return err
	}
	defer src.close()
	traits, err := src.survey(ctx)
	if err != nil {
		return err
	}
	data := z.at + localBytes + int64(len(f.Name))
	method, packed, err := squeeze(ctx, z.w, data, src, traits, compress)
	if err != nil {
		return err
	}
	r := record{
		name: f.Name, mode: traits.mode(f.Name), method: method,
		crc: traits.crc, packed: uint32(packed), size: uint32(traits.size),
		offset: z.at, sha256: traits.sha256,
	}
	if _, err := z.w.WriteAt(appendLocal(nil, r), z.at); err != nil {
		return err
	}
	z.records = append(z.records, r)
	z.at = data + packed
	return nil
}

// finish appends the central directory and truncates the file after it.
func (z *zipWriter) finish() error {
	out := io.NewOffsetWriter(z.w, z.at)
	var block []byte
	var size int64
	for i, r := range z.records {
		block = appendCentral(block, r)
		if len(block) >= copyBytes || i == len(z.records)-1 {
			if _, err := out.Write(block); err != nil {
				return err
			}
			size += int64(len(block))
			block = block[:0]
		}
	}
	end := appendEnd(nil, int64(len(z.records)), size, z.at)
	if _, err := out.Write(end); err != nil {
		return err
	}
	return z.w.Truncate(z.at + size + int64(len(end)))
}

// appendLocal encodes a local file header. Sizes always fit in 32 bits: larger
// files are refused, and data that deflate does not shrink is stored.
func appendLocal(b []byte, r record) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, sigLocal)
	b = le.AppendUint16(b, version20)
	b = appendCommon(b, r)
	b = le.AppendUint16(b, 0) // extra field
	return append(b, r.name...)
}

// appendCentral encodes a central directory header, with a zip64 field if the entry
// starts beyond 4 GiB.
func appendCentral(b []byte, r record) []byte {
	le := binary.LittleEndian
	version, extra := uint16(version20), uint16(0)
	if r.offset >= max32 {
		version, extra = version45, 12
	}
	b = le.AppendUint32(b, sigCentral)
	b = le.AppendUint16(b, madeByUnix|version)
	b = le.AppendUint16(b, version)
	b = appendCommon(b, r)
	b = le.AppendUint16(b, extra)
	b = le.AppendUint16(b, 0) // comment
	b = le.AppendUint16(b, 0) // disk
	b = le.AppendUint16(b, 0) // internal attributes
	b = le.AppendUint32(b, (regularFile|r.mode)<<16)
	b = le.AppendUint32(b, uint32(min(r.offset, max32)))
	b = append(b, r.name...)
	if extra > 0 {
		b = le.AppendUint16(b, tag64)
		b = le.AppendUint16(b, 8)
		b = le.AppendUint64(b, uint64(r.offset))
	}
	return b
}

// appendCommon encodes the fields that both headers share, from the flags to the
// name's length.
func appendCommon(b []byte, r record) []byte {
	le := binary.LittleEndian
	b = le.AppendUint16(b, nameFlags(r.name))
	b = le.AppendUint16(b, r.method)
	b = le.AppendUint16(b, 0) // 00:00:00
	b = le.AppendUint16(b, dosDate)
	b = le.AppendUint32(b, r.crc)
	b = le.AppendUint32(b, r.packed)
	b = le.AppendUint32(b, r.size)
	return le.AppendUint16(b, uint16(len(r.name)))
}

// nameFlags sets the UTF-8 flag for names that differ between UTF-8 and code page
// 437.
func nameFlags(name string) uint16 {
	for i := range len(name) {
		if name[i] < ' ' || name[i] > '~' {
			return flagUTF8
		}
	}
	return 0
}

// appendEnd encodes the end of the central directory, which has size bytes starting
// at offset. It writes the zip64 records first if a number does not fit.
func appendEnd(b []byte, count, size, offset int64) []byte {
	le := binary.LittleEndian
	if count >= max16 || size >= max32 || offset >= max32 {
		b = le.AppendUint32(b, sigEnd64)
		b = le.AppendUint64(b, 44) // bytes that follow
		b = le.AppendUint16(b, madeByUnix|version45)
		b = le.AppendUint16(b, version45)
		b = le.AppendUint32(b, 0) // this disk
		b = le.AppendUint32(b, 0) // the directory's disk
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(size))
		b = le.AppendUint64(b, uint64(offset))

		b = le.AppendUint32(b, sigLocator64)
		b = le.AppendUint32(b, 0) // the zip64 end's disk
		b = le.AppendUint64(b, uint64(offset+size))
		b = le.AppendUint32(b, 1) // disks
	}
	b = le.AppendUint32(b, sigEnd)
	b = le.AppendUint16(b, 0) // this disk
	b = le.AppendUint16(b, 0) // the directory's disk
	b = le.AppendUint16(b, uint16(min(count, max16)))
	b = le.AppendUint16(b, uint16(min(count, max16)))
	b = le.AppendUint32(b, uint32(min(size, max32)))
	b = le.AppendUint32(b, uint32(min(offset, max32)))
	return le.AppendUint16(b, 0) // comment
}
