import { gzipSync } from 'node:zlib';
import { pmXml } from './pm-xml.ts';
import { zipOf } from './zip-file.ts';

/** One file of every format, by its name; those that name no network element are of the one given, `given`, cell 30. */
export const FILE_OF_EACH_FORMAT: Readonly<Record<string, string | Uint8Array>> = {
  '01-32.435.xml': pmXml({
    ne: 'N1',
    objects: { 'GNBDUFunction=1,NRCellDU=20': { 'RRC.Att': 11, 'RRC.Hist': '1,2' } },
  }),
  '02-28.532.xml.gz': gzipSync(`<?xml version="1.0"?>
<measDataFile xmlns="http://www.3gpp.org/ftp/specs/archive/28_series/28.532#measData">
<fileHeader fileFormatVersion="28.532 V16" vendorName="V"><fileSender senderName="N2"/><measData beginTime="2025-08-07T00:00:00Z"/></fileHeader>
<measData><measEntity localDn="N2"/><measInfo><granPeriod duration="PT1H" endTime="2025-08-07T10:00:00+09:00"/>
<measTypes>DL UL</measTypes><measValue measObjInstId="NRCellDU=21"><measResults>12.5 NIL</measResults><suspect>true</suspect></measValue>
</measInfo></measData><fileFooter><measData endTime="2025-08-07T01:00:00Z"/></fileFooter></measDataFile>`),
  '03-32.401.xml': `<?xml version="1.0"?>
<!DOCTYPE mdc SYSTEM "MeasDataCollection.dtd">
<mdc><mfh><ffv>32.401</ffv><sn>N3</sn><vn>E</vn><cbt>20250807000000Z</cbt></mfh>
<md><neid><neun>N3</neun><nedn>SubNetwork=R,MeContext=N3</nedn></neid>
<mi><mts>20250807001500Z</mts><gp>900</gp><mt>pmAtt</mt><mt>pmSucc</mt>
<mv><moid>ENodeBFunction=1,EUtranCellFDD=22</moid><r>13</r><r></r><sf>FALSE</sf></mv></mi></md>
<mff><ts>20250807001500Z</ts></mff></mdc>`,
  '04-omes.xml': `<?xml version="1.0"?>
<OMeS version="2.3"><PMSetup startTime="2025-08-07T02:00:00.000+02:00:00" interval="15">
<PMMOResult><MO><DN>PLMN-PLMN/MRBTS-4/LNBTS-4/LNCEL-23</DN></MO>
<PMTarget measurementType="LTE_Cell_Load"><M8001C0>14</M8001C0></PMTarget></PMMOResult></PMSetup></OMeS>`,
  '05-ves.json': JSON.stringify({
    event: {
      commonEventHeader: {
        domain: 'perf3gpp',
        sourceName: 'N5',
        startEpochMicrosec: Date.UTC(2025, 7, 7) * 1000,
        lastEpochMicrosec: Date.UTC(2025, 7, 7, 0, 15) * 1000,
      },
      perf3gppFields: {
        measDataCollection: {
          granularityPeriod: 900,
          measuredEntityDn: 'N5',
          measInfoList: [
            {
              measTypes: { sMeasTypesList: ['att', 'succ'] },
              measValuesList: [{ measObjInstId: 'NRCellCU=24', measResults: [{ p: 2, sValue: '15' }] }],
            },
          ],
        },
      },
    },
  }),
  '06-long.csv': 'timestamp,ne,cell,family,peg,value\n2025-08-07T00:00:00Z,N6,25,F,Thru(Kbps),"1,016.5"\n',
  '07-wide.csv': '일시;국소명;셀번호;접속률(%);실패\n2025-08-07 00:00;N7;26;0,17;-\n',
  '08-slots.csv':
    'Category,Family,Peg,Unit,2025-08-07 00:00,2025-08-07 00:05\nLTE,F,Rssi,RSSIPath0,18,18.5\nLTE,F,Rssi,RSSIPath1,19\n',
  '09-archive.zip': zipOf({ 'day/10.xml.gz': gzipSync(pmXml({ ne: 'N9', objects: { 'NRCellDU=28': { a: 20 } } })) }),
  '10-catalogue.json': JSON.stringify({
    pegboard_catalogue: 1,
    pegs: [{ family: 'F', name: 'Thru(Kbps)', unit: 'Kbps', polarity: 'higher_better' }],
  }),
};

/** What the files say: begin, seconds, network element, object, cell, RAT, family, PEG, value, suspect. */
export const SAMPLES_OF_EACH_FORMAT = [
  '00:00 900 N1 GNBDUFunction=1,NRCellDU=20 20 NR NRCellDU/RRC.Att=11',
  '00:00 900 N1 GNBDUFunction=1,NRCellDU=20 20 NR NRCellDU/RRC.Hist[0]=1',
  '00:00 900 N1 GNBDUFunction=1,NRCellDU=20 20 NR NRCellDU/RRC.Hist[1]=2',
  '00:00 3600 N2 NRCellDU=21 21 NR NRCellDU/DL=12.5 suspect',
  '00:00 900 SubNetwork=R,MeContext=N3 ENodeBFunction=1,EUtranCellFDD=22 22 LTE EUtranCellFDD/pmAtt=13',
  '00:00 900 MRBTS-4 LNBTS=4,LNCEL=23 23 LTE LTE_Cell_Load/M8001C0=14',
  '00:00 900 N5 NRCellCU=24 24 NR NRCellCU/succ=15',
  '00:00 900 N6 Cell=25 25 - F/Thru(Kbps)=1016.5',
  '00:00 900 N7 Cell=26 26 - Cell/접속률(%)=0.17',
  '00:00 300 given Cell=30 30 - F/Rssi{Unit=RSSIPath0}=18',
  '00:00 300 given Cell=30 30 - F/Rssi{Unit=RSSIPath1}=19',
  '00:05 300 given Cell=30 30 - F/Rssi{Unit=RSSIPath0}=18.5',
  '00:00 900 N9 NRCellDU=28 28 NR NRCellDU/a=20',
] as const;
