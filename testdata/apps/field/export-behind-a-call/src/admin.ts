let app: { ready: boolean } | undefined
export const initialize = () => { app = { ready: true } }
export const store = () => { if (!app) throw new Error('the app does not exist'); return app }
