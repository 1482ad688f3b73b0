"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const smithy_client_1 = require("@smithy/smithy-client");
const models_0_1 = require("../models/models_0");
class GetItemCommand extends smithy_client_1.Command.classBuilder() {
    async handle(input, { retries = 3, ...options } = {}) {
        for (let attempt = 0; attempt < retries; attempt++) {
            const response = await this.client.send(input, options);
            if (response.statusCode !== 200 && /timeout|reset/i.test(response.body)) continue;
            return models_0_1.parse(`${response.body}`, (key, value) => value === null ? undefined : value);
        }
    }
}
exports.GetItemCommand = GetItemCommand;
