package faq

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// Files is content in memory, by path: an edition from the database, or the next one while staff write it. It is a
// read-only fs.FS; whoever changes the map must not share it.
type Files map[string]string

// GoldFile holds the questions whose answers staff have checked, beside the content: message, entries and variety
// between tabs. It is packed with an edition but no part of its hash.
const GoldFile = "gold.tsv"

// ReadFiles copies content files from anywhere into memory.
func ReadFiles(from fs.FS) (Files, error) {
	names, err := contentFiles(from)
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(from, GoldFile); err == nil {
		names = append(names, GoldFile)
	}
	out := Files{}
	for _, name := range names {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		out[name] = string(b)
	}
	return out, nil
}

// Pack writes the files as bytes: the same files give the same bytes.
func (f Files) Pack() ([]byte, error) { return json.Marshal(map[string]string(f)) }

// Unpack reads what Pack wrote. Paths that would lead out of the content are refused.
func Unpack(b []byte) (Files, error) {
	var f Files
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("read packed content: %w", err)
	}
	for name := range f {
		if !fs.ValidPath(name) || name == "." || (path.Ext(name) != ".yaml" && name != GoldFile) {
			return nil, fmt.Errorf("packed content holds a file that is none: %q", name)
		}
	}
	return f, nil
}

// With returns the files with changes laid over them. An empty text in over removes the file.
func (f Files) With(over map[string]string) Files {
	out := maps.Clone(f)
	for name, text := range over {
		if text == "" {
			delete(out, name)
			continue
		}
		out[name] = text
	}
	return out
}

// Open opens a file or a folder.
func (f Files) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if text, ok := f[name]; ok {
		return &memoryFile{leaf{path.Base(name), int64(len(text)), false}, strings.NewReader(text)}, nil
	}
	kids := f.kids(name)
	if len(kids) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryFolder{leaf{path.Base(name), 0, true}, kids}, nil
}

// ReadFile returns the text of a file.
func (f Files) ReadFile(name string) ([]byte, error) {
	text, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

// kids lists what lies directly in a folder.
func (f Files) kids(dir string) []fs.DirEntry {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	found := map[string]leaf{}
	for name, text := range f {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		found[first] = leaf{first, int64(len(text)), false}
		if deeper {
			found[first] = leaf{first, 0, true}
		}
	}
	var out []fs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[name])
	}
	return out
}

// leaf is what is known of a file or folder.
type leaf struct {
	name string
	size int64
	dir  bool
}

func (l leaf) Name() string               { return l.name }
func (l leaf) Size() int64                { return l.size }
func (l leaf) ModTime() time.Time         { return time.Time{} }
func (l leaf) IsDir() bool                { return l.dir }
func (l leaf) Sys() any                   { return nil }
func (l leaf) Type() fs.FileMode          { return l.Mode().Type() }
func (l leaf) Info() (fs.FileInfo, error) { return l, nil }
func (l leaf) Mode() fs.FileMode {
	if l.dir {
		return fs.ModeDir | 0o500
	}
	return 0o400
}

type memoryFile struct {
	leaf
	*strings.Reader
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f.leaf, nil }
func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Size() int64                { return f.size }

type memoryFolder struct {
	leaf
	rest []fs.DirEntry
}

func (f *memoryFolder) Stat() (fs.FileInfo, error) { return f.leaf, nil }
func (f *memoryFolder) Close() error               { return nil }
func (f *memoryFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrInvalid}
}

func (f *memoryFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		out := f.rest
		f.rest = nil
		return out, nil
	}
	if len(f.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.rest))
	out := f.rest[:n]
	f.rest = f.rest[n:]
	return out, nil
}
