/**
 * Lets an error of reading or writing name the file that it is about: Node's name the path where opening failed, but not where
 * reading or writing did, as of a folder or on a full disk, and write-file-atomic's name a file beside it.
 */
export async function naming<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error
  }
}
