import { createClient } from '@supabase/supabase-js'

const client = createClient('https://placeholder.invalid', 'placeholder')
export const handler = async () => client.from('orders').select('id').eq('id', 1).url.href
