/** What the system hands over when it opens this app with files; the DOM's types do not know it yet. */
type LaunchQueue = {
  setConsumer(take: (launch: { readonly files: readonly { getFile(): Promise<File> }[] }) => void): void
}

/** Calls back with the files of each launch that brings some. The browser keeps them until somebody asks. */
export function onLaunchFiles(
  page: Window,
  take: (files: readonly File[]) => void,
  onFault: (cause: unknown) => void,
): void {
  const queue: LaunchQueue | undefined = Reflect.get(page, 'launchQueue')
  queue?.setConsumer(launch => {
    if (launch.files.length === 0) return
    Promise.all(launch.files.map(handle => handle.getFile()))
      .then(take)
      .catch(onFault)
  })
}
