/** Which columns of a table hold what, from 0. */
export interface ListeningColumns {
  readonly user: number
  readonly item: number
  readonly count: number
}

const NAMES: Readonly<Record<keyof ListeningColumns, readonly string[]>> = {
  user: ['user', 'user_id', 'userid', 'listener', 'listener_id'],
  item: ['track', 'track_id', 'item', 'item_id', 'song', 'song_id', 'artist', 'artist_id', 'artist_name'],
  count: ['count', 'plays', 'play_count', 'playcount', 'listens', 'listen_count'],
}

/** What the names of columns say; undefined where one of the three is missing. The first name that is there counts. */
export function columnsOf(header: readonly string[]): ListeningColumns | undefined {
  const names = header.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const place = (of: keyof ListeningColumns): number =>
    NAMES[of].map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1
  const columns = { user: place('user'), item: place('item'), count: place('count') }
  return Object.values(columns).every((at) => at >= 0) ? columns : undefined
}

export const EXPECTED_COLUMNS = `a user (${NAMES.user.join(', ')}), an item (${NAMES.item.join(', ')}) and a count (${NAMES.count.join(', ')})`
