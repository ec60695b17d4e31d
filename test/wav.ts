export interface WavFields {
  /** @default 1, PCM */
  readonly tag?: number
  /** @default 1 */
  readonly channels?: number
  /** Hz. @default 22050 */
  readonly rate?: number
  /** @default 16 */
  readonly bits?: number
  readonly blockAlign?: number
  /** What the header promises. @default the bytes that there are */
  readonly dataSize?: number
}

/** A WAV file of these samples as they lie in memory, with any header one likes, true or not. */
export function wav(data: Buffer | Int16Array, fields: WavFields = {}): Buffer {
  const samples = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const { tag = 1, channels = 1, rate = 22_050, bits = 16, dataSize = samples.length } = fields
  const blockAlign = fields.blockAlign ?? (channels * bits) / 8
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(Math.min(0xffffffff, 36 + dataSize), 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(tag, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(Math.min(0xffffffff, rate * blockAlign) >>> 0, 28)
  head.writeUInt16LE(blockAlign & 0xffff, 32)
  head.writeUInt16LE(bits, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(dataSize, 40)
  return Buffer.concat([head, samples])
}
