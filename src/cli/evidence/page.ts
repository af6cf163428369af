import { counted } from '../status/counted';
import { html, type Html } from '../status/html';
import { htmlDocument } from '../status/html-document';
import type { Evidence } from './evidence';
import { keySection, recordBlock } from './key-section';
import { code, deviationTable, list } from './page-parts';
import { styleOf } from './page-style';

/**
 * Returns the evidence as one HTML page, for screens and paper.
 *
 * @param digest - SHA-256 of the JSON document, hex
 */
export function evidencePage(evidence: Evidence, digest: string): string {
  const { takenAt, regions, stackExports, preset, keys } = evidence;
  return htmlDocument({
    title: `Evidence on imported keys, ${takenAt.slice(0, 10)}`,
    style: styleOf(`Evidence of ${takenAt}, SHA-256 ${digest}`),
    main: html`<h1>Evidence on imported keys</h1>
      <dl>
        <dt>Taken at</dt>
        <dd>
          <time datetime="${takenAt}">${takenAt}</time>, by the clock of the machine that ran it
        </dd>
        <dt>SHA-256 of the JSON</dt>
        <dd>${code(digest)}</dd>
        <dt>Regions read</dt>
        <dd>${regions.join(', ')}</dd>
        <dt>Keys</dt>
        <dd>${counted(keys.length, 'key')} of origin EXTERNAL</dd>
        <dt>Policy rules</dt>
        <dd>preset ${preset}</dd>
        ${exportsOf(stackExports)}
      </dl>
      ${unreadOf(evidence)} ${keys.map(keySection)} ${restOf(evidence)}
      <h2>What this does not show</h2>
      ${list([
        'Who holds the material outside of AWS, and how it was made, kept and destroyed there.',
        'What IAM policies, grants, service control policies and VPC endpoint policies allow or refuse.',
        'Uses before the last one. CloudTrail has them.',
        'That the records of a stack are true. The provider wrote them, and anybody who can write the state can change them. CloudTrail has the request IDs and the KeyMaterialIds of its own.',
      ])}`,
  });
}

function exportsOf(stackExports: Evidence['stackExports']): Html {
  if (stackExports.length === 0) {
    return html`<dt>Stack exports</dt>
      <dd class="missing">none was given, so records of imports and deviations are absent</dd>`;
  }
  return html`${stackExports.map(
    ({ sha256, stacks, resources }, index) =>
      html`<dt>Stack export ${index + 1}</dt>
        <dd>${stacks.join(', ')}, ${counted(resources, 'resource')}, SHA-256 ${code(sha256)}</dd>`,
  )}`;
}

function unreadOf({ unread, unreadRegions, undecided, notes }: Evidence): Html {
  const lines = [
    ...unreadRegions.map(({ region, error }) => `Region ${region}: ${error}`),
    ...unread.map(({ region, keyId, error }) => `Key ${keyId} in ${region}: ${error}`),
    ...undecided.map(
      ({ rule, urn, reason }) =>
        `Rule ${rule}${urn === undefined ? '' : ` for ${urn}`} could not be judged: ${reason}`,
    ),
    ...notes,
  ];
  return html`<h2>What could not be read</h2>
    ${
      lines.length === 0
        ? html`<p>
            Everything that was asked for was read. Facts that nobody recorded are marked below.
          </p>`
        : list(lines)
    }`;
}

function restOf({ otherImports, otherDeviations }: Evidence): Html {
  return html`${
    otherImports.length === 0
      ? html``
      : html`<h2>Imports into keys that were not read</h2>
          ${otherImports.map(
            ({ keyArn, record }) =>
              html`<h3>${keyArn}</h3>
                ${recordBlock(record)}`,
          )}`
  }${
    otherDeviations.length === 0
      ? html``
      : html`<h2>Deviations of other resources</h2>
          ${deviationTable(otherDeviations)}`
  }`;
}
