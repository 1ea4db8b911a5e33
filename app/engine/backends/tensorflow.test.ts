import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { TensorFlow } from './tensorflow.ts';
import { tensorflowSuite } from './tensorflow/suite.ts';

// Leaves out TensorFlow.js's advertisement.
tf.env().set('IS_TEST', true);
await tf.setBackend('cpu');

// Its plain JavaScript kernels are slow, so the networks are few.
tensorflowSuite(tf as unknown as TensorFlow, readFileSync('dist/kernels/kernels.wasm'), 40);
