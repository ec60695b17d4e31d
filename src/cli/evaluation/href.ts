import { relative, sep } from 'node:path'

/** Addresses of files as seen from a page in a folder, so that both can be moved together. */
export function hrefFrom(folder: string): (path: string) => string {
  return (path) =>
    relative(folder, path)
      .split(sep)
      .map((part) => encodeURIComponent(part))
      .join('/')
}
