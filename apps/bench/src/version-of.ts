import { createRequire } from 'node:module'

/** The version of an installed package. Errors: the module system's own where it is not installed. */
export function versionOf(packageName: string): string {
  const require = createRequire(import.meta.url)
  return (require(`${packageName}/package.json`) as { version: string }).version
}
