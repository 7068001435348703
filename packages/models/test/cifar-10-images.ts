import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where real data lie beside a checkout. */
export const dataFolder = join(import.meta.dirname, '../../../../shared/data')

const archive = join(dataFolder, 'cifar-10/cifar-10-binary.tar.xz')

export const hasCifar10 = existsSync(archive)

/** The first `count` test images of CIFAR-10: bytes NHWC and labels. Unpacks the test batch, once for all later runs. */
export function cifar10TestImages(count: number): { images: Uint8Array; labels: Uint8Array } {
  const folder = join(tmpdir(), 'lowbit-test-cifar-10')
  const batch = join(folder, 'test_batch.bin')
  if (!existsSync(batch)) {
    mkdirSync(folder, { recursive: true })
    // Unpacked aside and moved: another process may be doing the same.
    const aside = mkdtempSync(join(folder, 'unpacking-'))
    execFileSync('tar', ['-xJf', archive, '-C', aside, '--strip-components=1', 'cifar-10-batches-bin/test_batch.bin'])
    renameSync(join(aside, 'test_batch.bin'), batch)
  }
  const records = readFileSync(batch)
  const pixels = 32 * 32
  const images = new Uint8Array(count * pixels * 3)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const record = i * (1 + 3 * pixels)
    labels[i] = records[record]!
    for (let at = 0; at < 3 * pixels; at++) {
      images[(i * pixels + (at % pixels)) * 3 + Math.floor(at / pixels)] = records[record + 1 + at]!
    }
  }
  return { images, labels }
}
