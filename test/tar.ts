export interface TarHeaderFields {
  readonly name: string
  readonly size: number
  /** @default a file */
  readonly type?: string
  readonly prefix?: string
  /** The size as GNU writes large ones. @default false */
  readonly binarySize?: boolean
}

/** A ustar header by hand. */
export function tarHeader({
  name,
  size,
  type = '0',
  prefix = '',
  binarySize = false,
}: TarHeaderFields): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 'utf8')
  block.write('0000644\0', 100, 'latin1')
  if (binarySize) {
    block.writeBigUInt64BE(BigInt(size), 128)
    block[124] = 0x80
  } else block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write('00000000000\0', 136, 'latin1')
  block.write(type, 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.write(prefix, 345, 'utf8')
  block.fill(0x20, 148, 156)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** An archive of these files. */
export function tar(files: Readonly<Record<string, string | Buffer>>, type?: string): Buffer {
  const parts: Buffer[] = []
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string)
    parts.push(
      tarHeader({ name, size: bytes.length, type }),
      bytes,
      Buffer.alloc((512 - (bytes.length % 512)) % 512),
    )
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}
