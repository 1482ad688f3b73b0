// Handler: handler
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { encoding_for_model } from 'tiktoken';
class Llm {
  #client = new BedrockRuntimeClient({}); // advice: client-in-handler
  async complete(prompt: string) {
    const { body } = await this.#client.send(new InvokeModelCommand({ modelId: 'm', body: JSON.stringify({ prompt }) }));
    return new TextDecoder().decode(body);
  }
}
export const handler = async (event: any) => {
  try {
    const llm = new Llm();
    return { statusCode: 200, body: await llm.complete(event.body) };
  } catch (e) {
    console.error(e);
    process.exit(1); // advice: exit-in-handler
  }
};
