/** As names and texts are compared: case, width of letters and white space aside. */
export const plain = (value: string): string =>
  value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/** Artists of a field that names several with `;`, as splits compare them. */
export function artistsOf(artist = ''): string[] {
  return artist
    .split(';')
    .map(plain)
    .filter((name) => name !== '')
}
