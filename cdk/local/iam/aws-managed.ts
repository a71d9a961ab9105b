import { PolicyError } from './policy-error.ts';

/** Policies of AWS that templates name by ARN, as AWS documents them. One more is one entry more. */
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '*',
      },
    ],
  },
};

/** @throws PolicyError for a policy whose content is not known here */
export function awsManaged(arn: string): unknown {
  const document = DOCUMENTS[arn.replace(/^arn:[^:]+:iam::aws:policy\//, '')];
  if (document === undefined) throw new PolicyError(`the content of ${arn} is not known here (iam/aws-managed.ts)`);
  return document;
}
