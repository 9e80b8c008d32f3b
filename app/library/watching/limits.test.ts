import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isSilent, mayBeginToWatch, mountTypeInLinux, mountTypeInMac, readWatchLimit } from './limits.ts';

describe('mountTypeInLinux', () => {
  const mountinfo = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '40 22 0:35 / /mnt/nas rw shared:20 - nfs4 nas:/photos rw',
    '41 22 8:17 / /media/me/My\\040Disk rw shared:21 - fuseblk /dev/sdb1 rw',
    '42 22 0:36 / /mnt/nas/inner rw - ext4 /dev/sdc rw',
    '43 22 0:37 / /mnt/nas/inner rw - cifs //nas/x rw',
  ].join('\n');

  it('takes the nearest mount above, and of several in one place the last', () => {
    expect(mountTypeInLinux(mountinfo, '/home/me')).toBe('ext4');
    expect(mountTypeInLinux(mountinfo, '/mnt/nas')).toBe('nfs4');
    expect(mountTypeInLinux(mountinfo, '/mnt/nas/2019')).toBe('nfs4');
    expect(mountTypeInLinux(mountinfo, '/mnt/nasty')).toBe('ext4');
    expect(mountTypeInLinux(mountinfo, '/mnt/nas/inner/a')).toBe('cifs');
    expect(mountTypeInLinux(mountinfo, '/media/me/My Disk/Photos')).toBe('fuseblk');
    expect(mountTypeInLinux('', '/home')).toBeNull();
  });
});

describe('mountTypeInMac', () => {
  it('reads what mount prints', () => {
    const mounts = [
      '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
      '//me@nas._smb._tcp.local/photos on /Volumes/photos (smbfs, nodev, nosuid, mounted by me)',
      '/dev/disk4s1 on /Volumes/My Disk (2) (exfat, local, nodev)',
    ].join('\n');
    expect(mountTypeInMac(mounts, '/Users/me/Pictures')).toBe('apfs');
    expect(mountTypeInMac(mounts, '/Volumes/photos/2019')).toBe('smbfs');
    expect(mountTypeInMac(mounts, '/Volumes/My Disk (2)/a')).toBe('exfat');
  });
});

describe('isSilent', () => {
  it('tells network file systems from those of this computer', () => {
    const silent = ['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', '9p', 'fuse.sshfs', 'fuse.rclone', 'fuse', 'ceph'];
    expect(silent.filter(isSilent)).toEqual(silent);
    const local = ['ext4', 'btrfs', 'xfs', 'apfs', 'tmpfs', 'overlay', 'fuseblk', 'fuse.mergerfs', 'exfat', 'zfs'];
    expect(local.filter(isSilent)).toEqual([]);
    expect(isSilent(null)).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('the limits of this system', () => {
  it('can be read', async () => {
    expect(await readWatchLimit()).toBeGreaterThan(0);
    expect(await mayBeginToWatch(tmpdir())).toBe(true);
  });
});
