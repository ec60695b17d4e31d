const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED_32 = 5

/** Writes one protobuf message: fields in the order of the calls. https://protobuf.dev/programming-guides/encoding */
export class Message {
  private readonly parts: Uint8Array[] = []
  private length = 0

  integer(field: number, value: number | bigint): this {
    this.varint((field << 3) | VARINT)
    this.varint(value)
    return this
  }

  float(field: number, value: number): this {
    this.varint((field << 3) | FIXED_32)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.push(bytes)
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint((field << 3) | LENGTH_DELIMITED)
    this.varint(value.byteLength)
    return this.push(value)
  }

  message(field: number, value: Message): this {
    this.varint((field << 3) | LENGTH_DELIMITED)
    this.varint(value.length)
    for (const part of value.parts) this.push(part)
    return this
  }

  /** The message, in one piece. */
  encode(): Uint8Array {
    const out = new Uint8Array(this.length)
    let at = 0
    for (const part of this.parts) {
      out.set(part, at)
      at += part.byteLength
    }
    return out
  }

  private varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    const bytes: number[] = []
    do {
      const low = Number(rest & 127n)
      rest >>= 7n
      bytes.push(rest > 0n ? low | 128 : low)
    } while (rest > 0n)
    this.push(Uint8Array.from(bytes))
  }

  private push(bytes: Uint8Array): this {
    this.parts.push(bytes)
    this.length += bytes.byteLength
    return this
  }
}
