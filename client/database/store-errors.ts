import { AppError } from '#shared/errors.ts'

/** The error of the store for one of the browser's; what the browser did not throw stays what it is. */
export function storeError(
  cause: unknown,
  { isWrite, isConnected }: { readonly isWrite: boolean; readonly isConnected: boolean },
): unknown {
  if (!(cause instanceof DOMException)) return cause
  switch (cause.name) {
    case 'QuotaExceededError':
      return diskFull(cause)
    // Without room Chrome says AbortError, and Firefox InvalidStateError; a connection that died says the same.
    case 'AbortError':
    case 'InvalidStateError':
      return isWrite && isConnected ? diskFull(cause) : connectionLost(cause)
    case 'TransactionInactiveError':
      return new AppError('internal', 'The transaction is over: something else was awaited inside it.', { cause })
    case 'ReadOnlyError':
      return new AppError('internal', 'A read transaction does not write.', { cause })
    case 'DataError':
    case 'DataCloneError':
      return new AppError('internal', 'A row has a form that cannot be stored.', { cause })
    default:
      return connectionLost(cause)
  }
}

/** The browser's database does not answer on this connection; another one may. */
export function connectionLost(cause: unknown): AppError {
  return new AppError(
    'internal',
    'The database of this device does not answer. Reload the page; what is stored is kept.',
    {
      retryable: true,
      cause,
    },
  )
}

export function isConnectionLost(error: unknown): boolean {
  return error instanceof AppError && error.code === 'internal' && error.retryable
}

function diskFull(cause: unknown): AppError {
  const message = 'This device has no room left. Nothing that was stored is lost; free some space and try again.'
  return new AppError('disk-full', message, { retryable: true, cause })
}
