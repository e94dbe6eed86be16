import { accessSync, constants } from 'node:fs'
import { z } from 'zod'

export const redisUrl = () =>
  z
    .string()
    .refine(
      (given) => URL.canParse(given) && /^rediss?:$/.test(new URL(given).protocol) && new URL(given).hostname !== '',
      'an address such as redis://user:password@host:6379/0, or rediss:// for TLS',
    )

/** The path of a file that this process may read; one that is missing stops the start. */
export const readableFile = () =>
  z.string().refine((path) => {
    try {
      accessSync(path, constants.R_OK)
      return true
    } catch {
      return false
    }
  }, 'the path of a file that can be read')
