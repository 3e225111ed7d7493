// Reads a ZIP file, without a program that a machine may lack.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

// Writes the files of an archive to a folder and returns their names.
export function unzip(archive: Buffer, folder: string): string[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  if (end < 0) throw new Error('the archive has no list of files');
  const names: string[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let n = archive.readUInt16LE(end + 10); n > 0; n--) {
    const [method, size, nameSize, extra, comment, begin] = [
      archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32), archive.readUInt32LE(at + 42),
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + nameSize);
    const file = resolve(join(folder, name));
    if (!file.startsWith(resolve(folder) + sep)) throw new Error(`${name} leads out of the folder`);
    const data = begin + 30 + archive.readUInt16LE(begin + 26) + archive.readUInt16LE(begin + 28);
    const packed = archive.subarray(data, data + size);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, method === 0 ? packed : inflateRawSync(packed));
    names.push(name);
    at += 46 + nameSize + extra + comment;
  }
  return names;
}
