import { Router } from 'express';
import { body, validationResult } from 'express-validator';
import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export const usersRouter = Router();
usersRouter.post('/', body('email').isEmail(), async (req, res, next) => {
  try {
    const errors = validationResult(req);
    if (!errors.isEmpty()) return res.status(400).json(errors.array());
    res.status(201).json(await prisma.user.create({ data: req.body }));
  } catch (e) {
    next(e);
  }
});
