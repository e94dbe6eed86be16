import { DomainError } from '@kivuko/platform'

export function ratesUnavailable(message: string): DomainError {
  return new DomainError('unavailable', 'RatesUnavailable', message)
}
