/** Samples between two times in seconds, [start, end), rounded to whole samples; what comes later is not asked for. */
export async function* excerpt(
  blocks: AsyncIterable<Float32Array>,
  { start = 0, end = Infinity, sampleRate }: { start?: number; end?: number; sampleRate: number },
): AsyncGenerator<Float32Array, void, void> {
  const from = Math.round(start * sampleRate)
  const to = Math.round(end * sampleRate)
  let at = 0
  for await (const block of blocks) {
    const inside = block.subarray(Math.max(0, from - at), Math.max(0, to - at))
    if (inside.length > 0) yield inside
    at += block.length
    if (at >= to) return
  }
}
