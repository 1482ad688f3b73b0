import { TranscribeStreamingClient, StartStreamTranscriptionCommand } from '@aws-sdk/client-transcribe-streaming'
import { options, ask } from '../ask.cjs'

async function* sound() {
  yield { AudioEvent: { AudioChunk: new Uint8Array([1, 2, 3]) } }
  yield { AudioEvent: { AudioChunk: new Uint8Array(64) } }
}

const client = new TranscribeStreamingClient(options('transcribe-streaming'))
export const handler = () => ask(client, () => new StartStreamTranscriptionCommand({ LanguageCode: 'en-GB', MediaEncoding: 'pcm', MediaSampleRateHertz: 16000, AudioStream: sound() }))
