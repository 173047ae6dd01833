import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import type { Box } from '../model/ground-box.ts';
import { searchAround } from './search-around.ts';
import { searchTurned } from './search-turned.ts';

export interface PairToSearch {
  scene: SceneLocation & { file: ArtifactRef };
  references: readonly [ReferenceFile, ...ReferenceFile[]];
  dem: ReferenceFile | null;
  /** Around the place that it states, by shift alone; or wherever the references are, at any turn and scale. */
  way: 'shift' | 'turn';
  /** The part of the references that is searched for a turn. */
  area?: Box;
}

/** Where a scene may lie instead of where it states, or if it states nothing. */
export interface SearchedScene {
  /** Null when no place stands out. */
  placement: ScenePlacement | null;
  /** How many places were tried: as many ways to be right by chance. */
  places: number;
  /** The rest of the sentence `... as`, when there is no place. */
  fault: string;
}

/** What a search needs of the process that it runs in. */
export interface SearchOptions {
  pathOf: (ref: ArtifactRef) => Promise<string>;
  /** Such as a heartbeat; it may throw to stop the work. */
  beat: () => void;
}

/**
 * Looks for a scene in its references, with pixels that are reduced far. What is found has to be compared
 * window by window as any other place.
 */
export function searchScene(pair: PairToSearch, options: SearchOptions): Promise<SearchedScene> {
  return pair.way === 'shift' ? searchAround(pair, options) : searchTurned(pair, options);
}
