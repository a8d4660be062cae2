/** Asks the browser to spare this origin's data when room is short. False where it will not, or cannot be asked (plain HTTP). */
export async function askPersistence(): Promise<boolean> {
  const storage: StorageManager | undefined = Reflect.get(navigator, 'storage')
  if (storage?.persist === undefined) return false
  return (await storage.persisted()) || (await storage.persist())
}
