// Handler: handler
import i18next from 'i18next';
import { readFile } from 'fs/promises';
import { join } from 'path';
const locales = new Map<string, Promise<string>>();
const locale = (name: string) => {
  if (!locales.has(name)) locales.set(name, readFile(join(__dirname, 'locales', `${name}.json`), 'utf8'));
  return locales.get(name)!;
};
export const handler = async (event: { lang: string }) => {
  const translation = JSON.parse(await locale(event.lang));
  const t = await i18next.createInstance().init({ lng: event.lang, resources: { [event.lang]: { translation } } });
  return t('hello');
};
