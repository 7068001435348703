/** How far it is in a buffer from row to row and from pixel to pixel of an image, in bytes. */
export interface Strides {
  readonly row: number
  readonly pixel: number
}
