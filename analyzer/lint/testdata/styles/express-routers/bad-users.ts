import express from 'express';
import { UserController } from './bad-user.controller';
const router = express.Router();
const controller = new UserController();
router.get('/', controller.list);
router.post('/', controller.create.bind(controller));
export default router;
