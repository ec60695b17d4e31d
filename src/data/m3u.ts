/** A playlist as its file has it. */
export interface M3u {
  /** Of a `#PLAYLIST:` line. */
  readonly title: string | undefined
  /** Paths and addresses, in their order. */
  readonly entries: readonly string[]
}

/** Reads M3U, plain or extended: an entry a line, comments after `#`. There is no standard but a convention. */
export function parseM3u(text: string): M3u {
  let title: string | undefined
  const entries: string[] = []
  for (const [raw] of text.matchAll(/[^\r\n\uFEFF]+/g)) {
    const line = raw.trim()
    if (line === '') continue
    if (!line.startsWith('#')) entries.push(line)
    else if (/^#PLAYLIST:/i.test(line)) title ??= line.slice('#PLAYLIST:'.length).trim() || undefined
  }
  return { title, entries }
}

/** Writes one: a title, and paths in their order. */
export function formatM3u({
  title,
  entries,
}: {
  readonly title: string
  readonly entries: readonly string[]
}): string {
  return ['#EXTM3U', `#PLAYLIST:${title}`, ...entries, ''].join('\n')
}
