/** `src/loss.ts` has `src/loss.grad.ts`. */
export function companionOf(path: string): string {
  return path.replace(/(\.[cm]?)[jt]sx?$/, '.grad$1ts')
}
