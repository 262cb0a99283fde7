"""ExaBGP with words for memberships (RFC 4684): version 4.2 reads and writes their bytes, but its configuration, commands and JSON have no name for them."""

import runpy

from exabgp.bgp.message import OUT
from exabgp.bgp.message.open.asn import ASN
from exabgp.bgp.message.update.attribute import Attributes
from exabgp.bgp.message.update.attribute.community.extended.rt import RouteTargetASN2Number
from exabgp.bgp.message.update.nlri.rtc import RTC
from exabgp.configuration.neighbor.family import ParseFamily
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.ip import IP
from exabgp.reactor.api.command.command import Command
from exabgp.rib.change import Change


def speak(action):
    def command(self, reactor, service, line):
        """announce|withdraw membership ORIGIN-AS TARGET-AS TARGET-NUMBER NEXT-HOP"""
        origin, target_as, number, next_hop = line.split()[2:]
        target = RouteTargetASN2Number(ASN(int(target_as)), int(number))
        nlri = RTC.new(AFI.ipv4, SAFI.rtc, ASN(int(origin)), target, IP.create(next_hop), action)
        return reactor.configuration.inject_change(reactor.peers(service), Change(nlri, Attributes()))

    return command


def words(self, compact=None):
    return '{ "membership": "%s:%s" }' % (self.origin, self.rt) if self.rt else '{ "membership": "default" }'


ParseFamily.convert['ipv4']['rtc'] = (AFI.ipv4, SAFI.rtc)
RTC.json = words
Command.register('text', 'announce membership')(speak(OUT.ANNOUNCE))
Command.register('text', 'withdraw membership')(speak(OUT.WITHDRAW))
runpy.run_path('/usr/sbin/exabgp', run_name='__main__')
