import type { AttributeValue, Item } from './dynalite.ts';

/** Whether two images say the same: sets in any order, numbers by value. DynamoDB writes no stream record for such a change. */
export function sameItem(left: Item | undefined, right: Item | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => sameValue(left[name], right[name]));
}

function sameValue(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const [type = ''] = Object.keys(left);
  if (!Object.hasOwn(right, type)) return false;
  const [one, other] = [left[type], right[type]];
  switch (type) {
    case 'N':
      // Text decides first: numbers of more than 15 digits are not told apart as numbers.
      return one === other || (String(one).length <= 15 && Number(one) === Number(other));
    case 'M':
      return sameItem(one as Item, other as Item);
    case 'L':
      return sameList(one as AttributeValue[], other as AttributeValue[]);
    case 'SS':
    case 'NS':
    case 'BS':
      return sameSet(one as string[], other as string[]);
    default:
      return one === other;
  }
}

const sameList = (left: AttributeValue[], right: AttributeValue[]): boolean =>
  left.length === right.length && left.every((value, index) => sameValue(value, right[index]));

const sameSet = (left: string[], right: string[]): boolean =>
  left.length === right.length && left.every((value) => right.includes(value));
