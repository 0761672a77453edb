import { isAbsolute, relative, sep } from 'node:path'

export function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/** A path as it is read best: relative to the current folder, where it is below it. */
export function shown(path: string): string {
  return isWithin(process.cwd(), path) ? relative(process.cwd(), path) || '.' : path
}
