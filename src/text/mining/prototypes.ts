const NEAREST = 3 // one prototype may be near by chance

/**
 * How much nearer a sentence is to prototypes that speak of sound than to others: the difference of the mean cosines with the
 * nearest three of each.
 * @param vector of the sentence, of any length
 */
export function nearnessToSound(
  vector: Float32Array,
  { sound, other }: { readonly sound: readonly Float32Array[]; readonly other: readonly Float32Array[] },
): number {
  const near = (prototypes: readonly Float32Array[]): number => {
    const cosines = prototypes.map((prototype) => cosine(vector, prototype)).sort((a, b) => b - a)
    const nearest = cosines.slice(0, NEAREST)
    return nearest.reduce((sum, value) => sum + value, 0) / nearest.length
  }
  return near(sound) - near(other)
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    aa += a[i] * a[i]
    bb += b[i] * b[i]
  }
  return dot / Math.sqrt(aa * bb || 1)
}
