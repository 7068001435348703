/**
 * What went wrong:
 * - `OPTION` an argument that cannot be meant
 * - `NOT_FOUND` a folder or file that was pointed at does not hold the data
 * - `UNAVAILABLE` the data are nowhere to be found and cannot be downloaded
 * - `DOWNLOAD` the server sent something else than the data
 * - `SIZE` a file is shorter or longer than it has to be
 * - `CHECKSUM` a file is not the one that was published
 * - `FORMAT` a file's contents are not what its format says
 * - `ARCHIVE` an archive cannot be read, or lacks a file
 * - `IMAGE` an image cannot be decoded
 * - `MEMORY` the data would take more memory than allowed
 * - `FILE` the system refuses to read or write a file: no right to, disk full
 */
export type DatasetErrorCode =
  | 'OPTION'
  | 'NOT_FOUND'
  | 'UNAVAILABLE'
  | 'DOWNLOAD'
  | 'SIZE'
  | 'CHECKSUM'
  | 'FORMAT'
  | 'ARCHIVE'
  | 'IMAGE'
  | 'MEMORY'
  | 'FILE'

/** The one error of this package. Its message names the function or the file, what was found and what was expected. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError'
  readonly code: DatasetErrorCode

  constructor(code: DatasetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
