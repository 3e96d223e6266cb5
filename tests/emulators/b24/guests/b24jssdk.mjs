// Does one deed with the vendor's SDK for JavaScript, told in JSON, and prints what came of it.
import { readFileSync } from 'node:fs'
import { B24Hook, B24OAuth } from '@bitrix24/b24jssdk'

const told = JSON.parse(readFileSync(0, 'utf8'))
const renewals = []

function connected() {
  if (told.webhook) return B24Hook.fromWebhookUrl(told.webhook)
  const client = new B24OAuth(told.auth, told.secret)
  client.setCallbackRefreshAuth(async ({ b24OAuthParams }) => renewals.push(b24OAuthParams))
  return client
}

async function gathered(generator) {
  const rows = []
  for await (const chunk of generator) rows.push(...chunk)
  return rows
}

const deeds = {
  async call(actions, asked) {
    try {
      const answer = await actions.call.make(asked)
      return { ...answer.getData(), total: answer.getTotal() }
    } catch (error) {
      return { code: error.code, text: error.message, status: error.status }
    }
  },
  async calls(actions, asked) {
    const answers = []
    for (const one of asked) answers.push(await deeds.call(actions, one))
    return answers
  },
  async callList(actions, asked) {
    return (await actions.callList.make(asked)).getData()
  },
  async fetchList(actions, asked) {
    return gathered(actions.fetchList.make(asked))
  },
  async batch(actions, asked) {
    const answer = await actions.batch.make(asked)
    return { ok: answer.isSuccess, errors: answer.getErrorMessages(), data: answer.getData() }
  },
  async batchByChunk(actions, asked) {
    return (await actions.batchByChunk.make(asked)).getData()
  }
}

const client = connected()
client.offClientSideWarning()
const outcome = {}
if (told.isAdmin) {
  await client.initIsAdmin()
  outcome.isAdmin = client.auth.isAdmin
}
outcome.answer = await deeds[told.deed](client.actions.v2, told.asked)
console.log(JSON.stringify({ ...outcome, renewals }))
